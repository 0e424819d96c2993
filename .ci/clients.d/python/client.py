"""Reads the flags of the shop as a service, by the provider of OpenFeature for Python:

    python client.py ADDRESS AUTHORIZATION <ASKED

Each line of the input is a key and its flags, with tabs between them.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

DEFAULTS = {"delay": -1, "pricing": -99, "banner": "unset"}
THREADS = 4
PROCESSES = 2


def begin(address, authorization):
    """Sets the provider of a process."""
    headers = {"Authorization": authorization}
    api.set_provider(OFREPProvider(address, headers_factory=lambda: headers))


def read(key, flag):
    client = api.get_client()
    context = EvaluationContext(targeting_key=key)
    default = DEFAULTS[flag]
    ask = client.get_string_details if isinstance(default, str) else client.get_integer_details
    details = ask(flag, default, context)
    said = [details.variant or "", details.reason or "", details.error_code or ""]
    return "\t".join([key, flag, json.dumps(details.value), *said]) + "\n"


def lines(asked):
    key, *flags = asked.split("\t")
    return "".join(read(key, flag) for flag in flags)


def several(asked):
    with ThreadPoolExecutor(THREADS) as threads:
        return "".join(threads.map(lines, asked))


if __name__ == "__main__":
    asked = sys.stdin.read().splitlines()
    parts = [asked[at : at + 500] for at in range(0, len(asked), 500)]
    with Pool(PROCESSES, begin, sys.argv[1:]) as processes:
        sys.stdout.writelines(processes.imap(several, parts))
