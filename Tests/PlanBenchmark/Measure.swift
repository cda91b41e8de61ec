import Foundation

/// What a piece of work cost.
struct Cost {
  /// Seconds.
  var wall: Double
  /// Seconds of this process, or of the child, in user and system mode.
  var cpu: Double
  /// The largest resident set, MiB; of a child only.
  var peak: Double?

  var text: String {
    func seconds(_ value: Double) -> String { String(format: "%8.3f s", value) }
    let memory = peak.map { String(format: "  peak %6.1f MiB", $0) } ?? ""
    return "wall \(seconds(wall))  cpu \(seconds(cpu))\(memory)"
  }
}

/// Runs work and measures it.
enum Measure {
  static func cost<Result>(_ work: () async throws -> Result) async rethrows -> (Cost, Result) {
    let clock = ContinuousClock()
    let start = clock.now
    let before = processTime()
    let result = try await work()
    let wall = start.duration(to: clock.now) / .seconds(1)
    return (Cost(wall: wall, cpu: processTime() - before), result)
  }

  private static func processTime() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return seconds(usage)
  }

  private static func seconds(_ usage: rusage) -> Double {
    Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
  }

  /// Runs a program to its end with its output thrown away.
  static func child(_ program: String, _ arguments: [String]) -> (Cost, status: Int32) {
    let clock = ContinuousClock()
    let start = clock.now
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var child: pid_t = 0
    guard posix_spawn(&child, program, &actions, nil, words, environ) == 0 else {
      return (Cost(wall: 0, cpu: 0), 127)
    }
    var status: Int32 = 0
    var usage = rusage()
    wait4(child, &status, 0, &usage)
    let wall = start.duration(to: clock.now) / .seconds(1)
    let cost = Cost(wall: wall, cpu: seconds(usage), peak: Double(usage.ru_maxrss) / 1024)
    return (cost, (status >> 8) & 255)
  }
}
