// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The generation that this refresh token carries, `rt1.<session id>.<generation>.<MAC>`; 0 if it is none.
    var generation: Int {
        let parts = split(separator: ".")
        return parts.count == 4 ? Int(parts[2]) ?? 0 : 0
    }
}
