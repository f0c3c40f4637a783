import unittest


class TestModules(unittest.TestCase):
    def test_modules(self):
        names = next(l for l in open("main.py") if l.startswith("MODULES"))
        self.assertEqual(names.count('"'), 14)


if __name__ == "__main__":
    unittest.main()
