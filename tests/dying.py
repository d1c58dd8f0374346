"""What tests of stopped runs share: a process that ends at one of its steps."""

DYING = """
def dying(real):
    def call(*names, **more):
        global count
        count += 1
        if count == place:
            os._exit(9)
        return real(*names, **more)
    return call
"""
"""Source of a function of a script: the calls of `real` end the process at once when their `count`
is `place`, two variables of the script."""
