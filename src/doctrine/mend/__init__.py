"""What ``doctrine fix`` decides: which findings are mended, how, and whether that was for the better.

Pure: what judges a project and what its files hold is handed in. A repair is a list of edits that
travels with its finding, whoever found it, so all repairs go the same way.
"""
