import Synchronization

/// The time that a transport lives in: it tells the server what time it is, and waits for answers
/// that come late.
package struct TransportTime: Sendable {
  /// Seconds since 1970.
  package var now: @Sendable () -> Double
  /// Waits; throws when the task is cancelled meanwhile.
  package var sleep: @Sendable (_ seconds: Double) async throws -> Void

  package init(
    now: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  /// A time of its own that only moves when somebody waits: tests wait for nothing.
  package static func virtual(startingAt start: Double = 1_700_000_000) -> TransportTime {
    let clock = VirtualClock(start)
    return TransportTime(
      now: { clock.seconds.withLock { $0 } },
      sleep: { seconds in
        try Task.checkCancellation()
        clock.seconds.withLock { $0 += max(0, seconds) }
      })
  }
}

/// The seconds of a virtual time, shared by those who wait in it.
private final class VirtualClock: Sendable {
  let seconds: Mutex<Double>

  init(_ start: Double) { seconds = Mutex(start) }
}
