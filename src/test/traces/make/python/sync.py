"""A worker that fails in the way that its argument names."""

import asyncio
import atexit
import concurrent.futures
import json
import logging
import multiprocessing
import sys
import threading
import urllib.request
import warnings


class ShopError(Exception):
    pass


def post(order):
    raise ConnectionRefusedError(111, "Connection refused")


def export(order):
    try:
        post(order)
    except OSError as e:
        raise ShopError(f"order {order} was not exported") from e


def chain():
    export(5120)


def key():
    order = {"lines": []}
    print(order["customer"])


def http():
    urllib.request.urlopen("http://127.0.0.1:9/orders", timeout=3)


def note():
    try:
        int("12,50")
    except ValueError as e:
        e.add_note("price of LA-4 in price list 12")
        e.add_note("list was read at 04:10")
        raise


def group():
    failed = []
    for order in (7, 8):
        try:
            export(order)
        except ShopError as e:
            failed.append(e)
    raise ExceptionGroup("2 of 12 orders were not exported", failed)


def taskgroup():
    async def push(order):
        export(order)

    async def run():
        async with asyncio.TaskGroup() as group:
            group.create_task(push(7))

    asyncio.run(run())


def ignored():
    class Session:
        def __del__(self):
            raise RuntimeError("session was closed after its loop")

    session = Session()
    session.order = 5120
    export(session.order)


def at_exit():
    @atexit.register
    def close():
        print("closing 4 connections", file=sys.stderr)
        raise OSError("connection was closed before")

    export(5120)


def warned():
    warnings.warn("datetime.utcnow() is deprecated", DeprecationWarning, stacklevel=1)
    export(5120)


def pool():
    with concurrent.futures.ProcessPoolExecutor(1) as workers:
        workers.submit(export, 5120).result()


def process():
    worker = multiprocessing.Process(target=export, args=(5120,), name="export-1")
    worker.start()
    worker.join()
    sys.exit(worker.exitcode)


def thread():
    worker = threading.Thread(target=export, args=(5120,), name="export-1")
    worker.start()
    worker.join()
    print("exported 2 of 3 orders")
    sys.exit(1)


def task():
    async def run():
        lost = asyncio.create_task(asyncio.to_thread(export, 5120))
        await asyncio.sleep(0.2)
        del lost

    asyncio.run(run())
    sys.exit(1)


def recursion():
    def price(level):
        return price(level + 1)

    price(0)


def lines():
    raise ShopError("POST /orders: 422 Unprocessable Entity\n"
                    + json.dumps({"errors": [{"field": "price", "text": "must not be empty"}]}, indent=2))


def empty():
    assert not [1]


def exit_text():
    sys.exit("order 5120: the shop answered 422: price must not be empty")


def exit_code():
    print("pushed 0 of 12 products")
    sys.exit(3)


def logged():
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-8s %(name)s: %(message)s")
    log = logging.getLogger("sync")
    log.info("exporting order 5120")
    try:
        export(5120)
    except ShopError:
        log.exception("the export failed")
    log.info("closing 4 connections")
    sys.exit(1)


def error_only():
    logging.basicConfig(level="INFO", format="%(asctime)s [%(process)d] [%(levelname)s] %(message)s")
    log = logging.getLogger("sync")
    log.info("exporting order 5120")
    log.error("order 5120: the shop answered 422: price must not be empty")
    log.info("shutting down: Master")
    sys.exit(1)


def json_logger():
    from pythonjsonlogger.json import JsonFormatter

    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter("{asctime}{name}{levelname}{message}", style="{"))
    logging.basicConfig(level="INFO", handlers=[handler])
    log = logging.getLogger("sync")
    log.info("exporting order 5120", extra={"shop": "north"})
    try:
        export(5120)
    except ShopError:
        log.exception("the export failed", extra={"shop": "north"})
    log.info("closing 4 connections")
    sys.exit(1)


def structlog_json(*processors):
    import structlog

    structlog.configure([structlog.processors.add_log_level, structlog.processors.TimeStamper("iso"), *processors])
    log = structlog.get_logger()
    log.info("exporting", order=5120)
    try:
        export(5120)
    except ShopError:
        log.exception("the export failed", order=5120)
    log.info("closing", connections=4)
    sys.exit(1)


def structlog_text():
    import structlog

    structlog_json(structlog.processors.format_exc_info, structlog.processors.JSONRenderer())


def structlog_dicts():
    import structlog

    structlog_json(structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer())


def structlog_console():
    import structlog

    structlog_json(structlog.dev.ConsoleRenderer(colors=True, exception_formatter=structlog.dev.plain_traceback))


def structlog_logfmt():
    import structlog

    structlog_json(structlog.processors.format_exc_info, structlog.processors.LogfmtRenderer())


def loguru_text():
    from loguru import logger

    logger.info("exporting order 5120")
    try:
        export(5120)
    except ShopError:
        logger.exception("the export failed")
    sys.exit(1)


def loguru_json():
    from loguru import logger

    logger.remove()
    logger.add(sys.stderr, serialize=True)
    loguru_text()


def rich_traceback():
    from rich.traceback import install

    install(width=100)
    export(5120)


def progress():
    from tqdm import tqdm

    for order in tqdm(range(5118, 5122), desc="orders", mininterval=0):
        if order == 5120:
            export(order)


def usage():
    import argparse

    parser = argparse.ArgumentParser(prog="sync")
    parser.add_argument("--order", type=int, required=True)
    parser.add_argument("--shop", choices=["north", "south"])
    parser.parse_args(["--shop", "north"])


def click_usage():
    import click

    @click.command()
    @click.option("--order", type=int, required=True)
    def main(order):
        pass

    main(["--order", "x12"], prog_name="sync")


def requests_json():
    import requests

    requests.get("http://127.0.0.1:9/orders", timeout=3)


def psycopg_refused():
    import psycopg

    psycopg.connect("host=127.0.0.1 port=9 dbname=shop user=sync connect_timeout=3")


def sqlalchemy_error():
    import sqlalchemy

    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as shop:
        shop.execute(sqlalchemy.text("insert into product(sku) values (:sku)"), {"sku": "LA-4"})


def pydantic_error():
    import pydantic

    class Order(pydantic.BaseModel):
        number: int
        email: str

    Order(number="x12")


def celery_like():
    raise SystemExit(ShopError("order 5120 is locked by another clerk"))


if __name__ == "__main__":
    print("order-sync 3.1 begins", flush=True)
    globals()[sys.argv[1].replace("-", "_")]()
