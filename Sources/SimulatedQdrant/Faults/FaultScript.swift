/// Which faults meet which requests, and how far that has got: a value, without clock or chance.
package struct FaultScript: Sendable {
  /// A rule with the number of requests that matched it.
  private struct Entry: Sendable {
    let rule: FaultRule
    var matched = 0
    /// When the requests of the last second were let through, for `rate`.
    var passed: [Double] = []
  }

  private var entries: [Entry]
  /// Requests that are to be applied later, in the order of their times.
  private var pending: [(due: Double, request: SimulatedRequest)] = []
  /// The answer to the request before.
  var previous: SimulatedResponse?

  /// The first rule that meets a request decides; all that match count it.
  package init(_ rules: [FaultRule] = []) {
    entries = rules.map { Entry(rule: $0) }
  }

  package var rules: [FaultRule] { entries.map(\.rule) }

  /// Whether nothing can happen any more.
  package var isEmpty: Bool { entries.isEmpty && pending.isEmpty }

  /// What is to happen to the next request.
  ///
  /// - Parameter now: seconds since 1970, as the server is given them.
  package mutating func decide(_ request: SimulatedRequest, now: Double) -> FaultDecision {
    var decision = FaultDecision.undisturbed
    for index in entries.indices where entries[index].rule.matcher.matches(request) {
      entries[index].matched += 1
      guard decision.fault == nil,
        entries[index].rule.matcher.meets(number: entries[index].matched)
      else { continue }
      if case .rate(let limit, _) = entries[index].rule.fault {
        entries[index].passed.removeAll { now - $0 >= 1 }
        if Double(entries[index].passed.count) < limit {
          entries[index].passed.append(now)
          continue
        }
      }
      decision = FaultDecision(entries[index].rule.fault)
    }
    return decision
  }

  /// After how many bytes of its body a request that is still being read will be dropped.
  ///
  /// For a server that reads from a socket: the request is counted when it is decided on.
  package func dropsWhileReading(_ head: SimulatedRequest) -> Int? {
    var copy = self
    if case .droppedAfter(let bytes) = copy.decide(head, now: 0).reception { return bytes }
    return nil
  }

  /// Keeps a request until it is due.
  mutating func postpone(_ request: SimulatedRequest, until due: Double) {
    let index = pending.firstIndex { $0.due > due } ?? pending.endIndex
    pending.insert((due, request), at: index)
  }

  /// Takes the requests that are due.
  mutating func takeDue(now: Double) -> [(due: Double, request: SimulatedRequest)] {
    let count = pending.prefix { $0.due <= now }.count
    defer { pending.removeFirst(count) }
    return Array(pending.prefix(count))
  }
}
