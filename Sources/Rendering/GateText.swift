import Planning

/// What a run waits for, in words.
enum GateText {
  /// After a step, and how long.
  static func words(_ gate: Gate) -> String {
    let what =
      switch gate.condition {
      case .green: "it is green"
      case .replicas: "its copies are active"
      }
    return "then waits until \(what), at most \(duration(gate.timeout))"
  }

  private static func duration(_ duration: Duration) -> String {
    let seconds = Int(duration.components.seconds)
    if seconds >= 3600, seconds % 3600 == 0 { return "\(seconds / 3600) h" }
    if seconds >= 60, seconds % 60 == 0 { return "\(seconds / 60) min" }
    return "\(seconds) s"
  }
}
