print("a test may")
