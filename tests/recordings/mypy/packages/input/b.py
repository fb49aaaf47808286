number: int = "text"
