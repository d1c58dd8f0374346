"""The errors that a user can cause: their message is what the user reads."""


class PlannerError(Exception):
    """Something could not be done; the message says what, where and what is allowed.

    The command line prints the message and exits with code 2.
    """


class AnswerNo(PlannerError):
    """It could be answered, and the answer is no: nothing fits, or rules contradict each other.

    The command line prints the message and exits with code 1.
    """
