import Execution
import Planning

/// What holds of the order of what a run records and sends, whatever happens to it.
enum RunLaws {
  /// What is wrong; empty when all is well.
  static func violations(_ happenings: [Happening]) -> [String] {
    var wrong: [String] = []
    var unsettled: Set<StepID> = []
    var previous: JournalEntry?
    for happening in happenings {
      switch happening {
      case .entry(let entry):
        note(entry, &unsettled)
        previous = entry
      case .mutation(let line, let id):
        if !isAnnounced(id, by: previous) { wrong.append("\(line) (\(id)) was not announced") }
        if !unsettled.isEmpty, !id.hasSuffix("/control") {
          wrong.append("\(line) (\(id)) was sent while \(unsettled) was unknown")
        }
        previous = nil
      }
    }
    return wrong
  }

  /// The entry right before a mutation, with nothing sent in between, says what is about to leave.
  private static func isAnnounced(_ id: String, by entry: JournalEntry?) -> Bool {
    guard let entry, entry.isDurable else { return false }
    return switch entry {
    case .intent(let step, _, _, _): id == "r1/\(step)"
    case .control: id == "r1/control"
    default: false
    }
  }

  private static func note(_ entry: JournalEntry, _ unsettled: inout Set<StepID>) {
    switch entry {
    case .unknown(let step, _, _): unsettled.insert(step)
    case .notApplied(let step, _), .done(let step, _), .skipped(let step, _),
      .rejected(let step, _, _), .notInEffect(let step, _, _), .stale(let step, _, _):
      unsettled.remove(step)
    default: break
    }
  }
}
