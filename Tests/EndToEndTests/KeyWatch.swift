// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Refreshes one session at several servers again and again, and reads their key sets before and after.
///
/// Whoever has read the key set of one of the servers must be able to verify what another gives at that moment.
final class KeyWatch: Sendable {
    private let servers: [RunningLanyard]
    private let state = Mutex(Sight())
    private let isOver = Mutex(false)
    private let end = DispatchGroup()

    /// What was seen.
    struct Sight: Sendable {
        /// What must not be.
        var troubles: [String] = []
        /// The keys that signed, for each server in their order.
        var signers: [[String]] = []
        var rounds = 0
    }

    /// Begins with a session of the account of ``KeyService``.
    init(_ servers: [RunningLanyard]) throws {
        self.servers = servers
        state.withLock { $0.signers = servers.map { _ in [] } }
        let token = try servers[0].logInBob().refreshToken
        end.enter()
        DispatchQueue(label: "watch").async { [self] in
            var token = token
            while !isOver.withLock(\.self) {
                do { try look(&token) } catch { note("\(error)") }
                state.withLock { $0.rounds += 1 }
                usleep(5_000)
            }
            end.leave()
        }
    }

    private func look(_ token: inout String) throws {
        let before = try servers.map { try $0.keySet() }
        var signed: [String] = []
        for server in servers {
            let answer = try TokenResponse(try server.refresh(token))
            token = answer.refreshToken
            signed.append(answer.accessToken)
        }
        let after = try servers.map { try $0.keySet() }
        for (index, token) in signed.enumerated() {
            let kid = try AccessToken(token).header.string("kid")
            state.withLock { sight in
                if sight.signers[index].last != kid { sight.signers[index].append(kid) }
            }
            for (keys, name) in zip(before + after, ["0 before", "1 before", "0 after", "1 after"]) {
                do { _ = try KeyService.verify(token, by: keys) } catch {
                    note("a token of server \(index), key \(kid), with the set of \(name): \(error)")
                }
            }
        }
    }

    private func note(_ trouble: String) {
        state.withLock { if $0.troubles.count < 20 { $0.troubles.append("round \($0.rounds): \(trouble)") } }
    }

    /// What was seen so far.
    var sight: Sight { state.withLock(\.self) }

    /// Waits until all servers sign with a key, or time is up.
    func waits(for kid: String, within duration: Duration = .seconds(20)) -> Bool {
        happens(within: duration) { sight.signers.allSatisfy { $0.last == kid } }
    }

    /// Ends the watch and returns what was seen.
    func stop() throws -> Sight {
        isOver.withLock { $0 = true }
        guard end.wait(timeout: Deadline.usual.dispatchTime) == .success else { throw Failure("the watch hangs") }
        return sight
    }
}
