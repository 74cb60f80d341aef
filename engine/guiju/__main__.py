"""python -m guiju"""

from guiju.cli.main import run

if __name__ == "__main__":
    run()
