x = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb"]
