import InProcessTransport
import Synchronization

/// A time that only moves when somebody waits: the machine and the simulated server share it.
package final class TestClock: Clock, Sendable {
  package typealias Duration = Swift.Duration

  package struct Instant: InstantProtocol {
    var offset: Swift.Duration
    package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    package func duration(to other: Instant) -> Duration { other.offset - offset }
    package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let elapsed = Mutex(Duration.zero)

  package init() {}

  package var now: Instant { Instant(offset: elapsed.withLock { $0 }) }
  package let minimumResolution = Duration.nanoseconds(1)

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    elapsed.withLock { $0 = max($0, deadline.offset) }
  }

  /// The same time, as a transport takes it.
  package var transportTime: TransportTime {
    TransportTime(
      now: { 1_700_000_000 + self.now.offset / .seconds(1) },
      sleep: { seconds in
        try Task.checkCancellation()
        self.elapsed.withLock { $0 += .seconds(max(0, seconds)) }
      })
  }
}
