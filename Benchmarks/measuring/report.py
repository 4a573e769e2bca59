# SPDX-License-Identifier: Apache-2.0
"""Results as tables, in Markdown."""

from typing import Any


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table whose columns are aligned; all but the first to the right."""
    widths = [max(len(row[index]) for row in [head, *rows]) for index in range(len(head))]

    def line(cells: list[str]) -> str:
        padded = [cell.ljust(width) if index == 0 else cell.rjust(width)
                  for index, (cell, width) in enumerate(zip(cells, widths))]
        return "| " + " | ".join(padded) + " |"

    rule = [("-" * width) if index == 0 else "-" * (width - 1) + ":" for index, width in enumerate(widths)]
    return "\n".join([line(head), line(rule), *map(line, rows)])


def machine_text(results: dict[str, Any]) -> str:
    machine, settings = results["machine"], results["settings"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Linux {machine['kernel']}",
        f"lanyard {machine['lanyard']}, {machine['nginx']}, wrk {machine['wrk']}, OpenSSL {machine['openssl']}",
        f"Medians of {settings['rounds']} rounds of {settings['seconds']} s; client and servers share the cores.",
        "One answer: " + ", ".join(f"{name} {size} bytes" for name, size in results["answer_bytes"].items()) + ".",
    ]
    if results["tls"]:
        lines.append("TLS: " + ", ".join(f"{name} {kind}" for name, kind in results["tls"].items()) + ".")
    if machine["load_before"] > 0.3 * machine["cores"]:
        lines.append(f"WARNING: the machine was busy before (load {machine['load_before']:.1f}): believe ratios only.")
    return "\n".join(lines)


def case_text(case: dict[str, Any]) -> str:
    """The figures of one case, and the ratio of Lanyard to the best of the others."""
    rows = [
        [name, f"{each['requests_per_second']:,.0f}", f"{each['cpu_microseconds']:.2f}",
         f"{each['cpu_spread']:.0%}", f"{each['p50_microseconds']:,.0f}", f"{each['p99_microseconds']:,.0f}",
         str(each["errors"])]
        for name, each in case["servers"].items()
    ]
    head = [case["name"], "requests/s", "CPU µs each", "spread", "p50 µs", "p99 µs", "errors"]
    return f"{table(head, rows)}\n\n{case['description']}: {ratio_text(case)}"


def ratio_text(case: dict[str, Any]) -> str:
    parts = [f"{ratio['requests_per_second']:.2f} × the requests/s and {ratio['cpu']:.2f} × the requests per CPU second "
             f"of {against}" for against, ratio in case["ratios"].items()]
    return "; ".join(parts) + "."


def ratios_text(cases: list[dict[str, Any]]) -> str:
    """All ratios in one table."""
    against = list(cases[0]["ratios"])
    head = ["Lanyard against …"] + [f"{name}: {kind}" for name in against for kind in ("requests/s", "CPU")]
    rows = [[case["name"], *(f"{case['ratios'][name][kind]:.2f}" for name in against
                             for kind in ("requests_per_second", "cpu"))] for case in cases]
    return table(head, rows)


def idle_text(idle: list[dict[str, Any]]) -> str:
    rows = [[f"{each['server']}, {each['kind']}", f"{each['connections']:,}", f"{each['before_bytes'] / 1e6:.1f}",
             f"{each['after_bytes'] / 1e6:.1f}", f"{each['bytes_per_connection']:,.0f}"] for each in idle]
    return table(["idle connections", "count", "MB without", "MB with", "bytes each"], rows)


def start_text(start: dict[str, dict[str, float]]) -> str:
    rows = [[name, f"{each['median']:.1f}", f"{each['shortest']:.1f}", f"{each['longest']:.1f}"]
            for name, each in start.items()]
    return table(["start to first answer", "median ms", "shortest", "longest"], rows)


def memory_text(memory: dict[str, dict[str, int]]) -> str:
    rows = [[name, *(f"{each[kind] / 2**20:.1f}" for kind in ("resident", "proportional", "own"))]
            for name, each in memory.items()]
    return table(["memory after load", "resident MiB", "proportional", "own"], rows)
