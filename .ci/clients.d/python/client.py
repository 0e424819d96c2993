"""Reads the flags of the shop as a service, by the provider of OpenFeature for Python:

    python client.py ADDRESS AUTHORIZATION <KEYS
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

THREADS = 4
PROCESSES = 2


def begin(address, authorization):
    """Sets the provider of a process."""
    headers = {"Authorization": authorization}
    api.set_provider(OFREPProvider(address, headers_factory=lambda: headers))


def lines(key):
    client = api.get_client()
    context = EvaluationContext(targeting_key=key)
    all_details = [
        client.get_integer_details("delay", -1, context),
        client.get_integer_details("pricing", -99, context),
        client.get_string_details("banner", "unset", context),
    ]
    return "".join(
        "\t".join(
            [
                key,
                details.flag_key,
                json.dumps(details.value),
                details.variant or "",
                details.reason or "",
                details.error_code or "",
            ]
        )
        + "\n"
        for details in all_details
    )


def several(keys):
    with ThreadPoolExecutor(THREADS) as threads:
        return "".join(threads.map(lines, keys))


if __name__ == "__main__":
    keys = sys.stdin.read().splitlines()
    parts = [keys[at : at + 500] for at in range(0, len(keys), 500)]
    with Pool(PROCESSES, begin, sys.argv[1:]) as processes:
        sys.stdout.writelines(processes.imap(several, parts))
