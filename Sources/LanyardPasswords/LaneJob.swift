// SPDX-License-Identifier: Apache-2.0

/// Work for a lane, with the caller who waits for it.
struct LaneJob: Sendable {
    /// Does the work and returns what tells the caller.
    let perform: @Sendable () -> (@Sendable () -> Void)
    /// Tells the caller that it will not be done.
    let refuse: @Sendable () -> Void

    init<Value: Sendable>(
        _ work: @escaping @Sendable () throws(PasswordHashError) -> Value,
        completion: @escaping @Sendable (Result<Value, PasswordLanesError>) -> Void
    ) {
        perform = {
            let result: Result<Value, PasswordLanesError>
            do throws(PasswordHashError) {
                result = .success(try work())
            } catch {
                result = .failure(.hash(error))
            }
            return { completion(result) }
        }
        refuse = { completion(.failure(.closed)) }
    }
}
