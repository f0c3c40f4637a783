import unittest


class TestHealth(unittest.TestCase):
    def test_health(self):
        self.assertIn('@app.get("/health")', open("main.py").read())


if __name__ == "__main__":
    unittest.main()
