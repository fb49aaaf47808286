import absent_package.sub
import distutils.core
from absent_package import Base, decorate


class Child(Base):
    @decorate
    def method(self) -> int:
        return absent_package.sub.number()


wrong: int = ""
