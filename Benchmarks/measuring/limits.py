# SPDX-License-Identifier: Apache-2.0
"""Descriptors."""

import resource

from measuring.process import Failure


def raise_descriptor_limit(wanted: int) -> None:
    """Allows this process and those it starts `wanted` descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise Failure(f"{wanted} descriptors are needed, and the system allows {hard}: see ulimit -Hn")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
