// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Makes and checks tokens as fast as it can, and prints how many: `signing-rate ALGORITHM THREADS MILLISECONDS`.
///
/// Started by signing.py. `signing-rate status MILLISECONDS` prints what a look into a status list costs.
@main
enum SigningRate {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.count == 2, arguments.first == "status", let milliseconds = Int(arguments[2]), milliseconds > 0 {
            return await measureStatus(for: .milliseconds(milliseconds))
        }
        guard arguments.count == 3, let algorithm = arguments.first,
            let threads = Int(arguments[2]), threads > 0, let milliseconds = Int(arguments[3]), milliseconds > 0
        else { fail("usage: signing-rate ALGORITHM THREADS MILLISECONDS, or signing-rate status MILLISECONDS") }
        do {
            let work = try Work(algorithm)
            let time = Duration.milliseconds(milliseconds)
            let signed = try Rate.measured(threads: threads, for: time) { try work.signing() }
            let verified = try Rate.measured(threads: threads, for: time) { work.verifying() }
            print(
                """
                {"token_bytes":\(work.token.utf8.count),"signed":\(signed.json),"verified":\(verified.json)}
                """)
        } catch {
            fail("\(error)")
        }
    }

    private static func measureStatus(for time: Duration) async {
        do { print(try await StatusCost().measured(for: time)) } catch { fail("\(error)") }
    }

    private static func fail(_ message: String) -> Never {
        let line = Array("signing-rate: \(message)\n".utf8)
        unsafe write(STDERR_FILENO, line, line.count)
        exit(64)
    }
}
