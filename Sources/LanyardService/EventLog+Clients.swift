// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import Logging

/// What is told of service clients; one that nobody has added is not named, for that may be anything.
extension EventLog {
    func clientToken(_ request: Request, client: String) {
        tell(.info, "client_token", "a client got a token", request, account: client, status: 200)
    }

    func clientRefused(_ request: Request, client: String?, reason: String) {
        tell(.info, "client_refused", "client refused", request, account: client, reason: reason, status: 401)
    }

    func clientLimited(_ request: Request, client: String?) {
        tell(
            .info, "client_limited", "a client must wait, for tries have failed", request, account: client, status: 429)
    }
}
