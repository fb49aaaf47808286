import asyncio


def chain(a, b, c, d):
    assert a
    return a and b or c and d or [x for x in a if x and b if c] or (a if b else c)


class Machine:
    def step(self, state):
        match state:
            case 1:
                return 2
            case 2 | 3:
                return 1
            case _:
                return 0

    class Part:
        def hidden(self):
            return 1

    async def walk(self, items):
        async for item in items:
            if item:
                await asyncio.sleep(0)
        else:
            pass

        def closure(x):
            return x or 1

        return closure


if Machine:
    def conditional():
        try:
            pass
        except ValueError:
            pass
        except TypeError:
            pass
