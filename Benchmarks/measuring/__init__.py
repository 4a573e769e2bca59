# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks have in common: servers, load, and what both cost."""
