// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@Suite struct `A signal` {
    @Test func `that means nothing to a server does not end it`() throws {
        let server = try RunningLanyard()
        let numbers = [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGSTKFLT, SIGPWR, SIGXFSZ, 34, 50, 64]
        for number in numbers {
            server.process.send(number)
            #expect(try server.get("/livez").status == 200, "signal \(number)")
        }
        #expect(try server.stop() == .exit(0))
    }

    @Test func `that a terminal sends when it is closed ends a server for developers`() throws {
        let folder = try TemporaryFolder()
        var invocation = Lanyard.invocation(["-c", Self.terminal, Lanyard.binary, "close"], in: folder)
        invocation.executable = "/usr/bin/python3"
        let output = try Lanyard.run(invocation)
        #expect(output.standardOutput == "ended 0\n", "\(output)")
    }

    @Test func `to hang up ends a server that runs on a terminal, unless it was started with nohup`() throws {
        for (mode, result) in [("hangup", "ended 0\n"), ("nohup", "goes on\n")] {
            let folder = try TemporaryFolder()
            var invocation = Lanyard.invocation(["-c", Self.terminal, Lanyard.binary, mode], in: folder)
            invocation.executable = "/usr/bin/python3"
            let output = try Lanyard.run(invocation)
            #expect(output.standardOutput == result, "\(mode): \(output)")
        }
    }

    @Test func `to hang up reloads a server whose log is no terminal`() throws {
        let server = try RunningLanyard()
        server.process.send(SIGHUP)
        let lines = server.process.standardError.lines(by: .usual) { $0.contains { $0.contains(#""event":"reload""#) } }
        #expect(lines != nil)
        #expect(try server.get("/livez").status == 200)
    }

    /// Starts a server on a terminal of its own, then closes the terminal or sends SIGHUP.
    private static let terminal = """
        import os, pty, select, signal, sys, time
        binary, mode = sys.argv[1:]
        child, terminal = pty.fork()
        if child == 0:
            if mode == "nohup":
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.execv(binary, [binary, "serve", "--dev", "--listen", "127.0.0.1:0"])
        seen = b""
        # The last of the lines that a start prints.
        while b"alice" not in seen:
            assert select.select([terminal], [], [], 60)[0], seen
            seen += os.read(terminal, 65536)
        if mode == "close":
            os.close(terminal)
        else:
            os.kill(child, signal.SIGHUP)
        if mode == "nohup":
            os.kill(child, signal.SIGUSR1)
            time.sleep(1)
            assert os.waitpid(child, os.WNOHANG) == (0, 0)
            print("goes on")
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            sys.exit()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            process, status = os.waitpid(child, os.WNOHANG)
            if process:
                print("ended", os.waitstatus_to_exitcode(status))
                sys.exit()
            if mode != "close" and select.select([terminal], [], [], 0)[0]:
                try:
                    os.read(terminal, 65536)
                except OSError:
                    pass
            time.sleep(0.05)
        print("still runs")
        os.kill(child, signal.SIGKILL)
        """
}

@Suite struct `A library that is loaded before the program` {
    @Test(.enabled(if: compiler != nil, "a C compiler is installed (Debian: gcc)"))
    func `may change the environment, and the arguments are found all the same`() throws {
        let folder = try TemporaryFolder()
        // What libfaketime and monitoring agents do: a new variable moves the environment away from the arguments.
        try folder.write(
            "touch.c",
            """
            #include <stdlib.h>
            __attribute__((constructor)) static void touch(void) { setenv("TOUCHED", "1", 1); unsetenv("TOUCHED"); }
            """)
        let compile = ChildProcess.Invocation(
            executable: try #require(Self.compiler), arguments: ["-shared", "-fPIC", "-o", "touch.so", "touch.c"],
            environment: Lanyard.environment, folder: folder.path)
        try #require(try Lanyard.run(compile).ending == .exit(0))
        let preload = ["LD_PRELOAD": folder.path(of: "touch.so")]
        let version = try Lanyard.run(["--version"], settings: preload, in: folder)
        #expect(version.ending == .exit(0), "\(version)")
        let none = try Lanyard.run([], settings: preload, in: folder)
        #expect(none.ending == .exit(64))
        #expect(try Lanyard.run(["account", "show", "b\u{FFFD}b"], settings: preload, in: folder).ending == .exit(69))
    }

    @Test(.enabled(if: faketime != nil, "libfaketime is installed (Debian: libfaketime)"))
    func `may move the clock`() throws {
        let settings = ["LD_PRELOAD": try #require(Self.faketime), "FAKETIME": "-15d"]
        let version = try Lanyard.run(["--version"], settings: settings, in: TemporaryFolder())
        #expect(version.ending == .exit(0), "\(version)")
    }

    private static let faketime = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
        .first { FileManager.default.fileExists(atPath: $0) }

    private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
}
