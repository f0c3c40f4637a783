"""The worker: takes work from the queue in Redis."""
import os

from celery import Celery

app = Celery("ni_site", broker=os.environ["REDIS_URL"])


@app.task
def confirm(order):
    return order
