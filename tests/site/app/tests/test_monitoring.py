import unittest


class TestMonitoring(unittest.TestCase):
    def test_monitoring(self):
        self.assertIn("http_requests_total", open("main.py").read())


if __name__ == "__main__":
    unittest.main()
