import ast
import os


class Visitor(ast.NodeVisitor):
    def visit_Name(self, node):
        return node


def used():
    return 1


def tested():
    return 2


def ignored_name():
    return 3


@app.route("/")
def view(request):
    return request


def late(argument):
    return used()
    print("never")


VALUE = Visitor()


class Handle:
    def __exit__(self, *why):
        VALUE.visit(self)

    def seek(self, place):
        return VALUE


HANDLE = Handle().seek
