"""The pages of the family `imported`, read only when somebody asks for one."""
