import Diagnostics
import Execution
import JSON
import Planning
import ResourceModel

/// What printed commands need to find the manifests and the run again, as a shell takes it.
package struct PrintedPlace: Sendable {
  /// The folder or file of the manifests; empty when it is not known.
  let folder: String
  /// ` --state DIR`, or nothing where the runs lie in the usual place.
  let state: String

  package init(folder: String = "", state: String = "") {
    self.folder = folder.isEmpty ? "" : " " + Sanitizer.line(folder)
    self.state = Sanitizer.line(state)
  }
}

/// The commands that lead out of a run that is not over, with what each of them means.
struct WaysOut {
  let end: RunEnd
  let history: RunHistory
  let place: PrintedPlace

  private var run: String { history.header?.run ?? "" }

  /// A command and what it is for.
  private typealias Way = (label: String, command: String)

  /// A line for each; none when the run is over.
  var lines: [String] {
    guard !history.isAbandoned else { return ["  it was given up: what it did is left as it is"] }
    switch end.state {
    case .applied, .rolledBack, .refused: return []
    case .interrupted: return credential + drawn(goingOn)
    case .halted:
      return differences + drawn(goingOn + losing + givingUp)
        + (givingUp.isEmpty ? [] : [WaysOut.whatGivingUpMeans])
    }
  }

  private static let whatGivingUpMeans =
    "    (nothing more is undone: all stays as it stands, and the next plan starts from that)"

  /// A run that turned back goes back, whatever it is told; one that holds a step which cannot be
  /// undone can only go on.
  private var goingOn: [Way] {
    let isBack = history.nextDirection == .back
    let resume = (
      isBack ? "to go on with the undo:" : "to go on:", "qdrant-apply resume \(run)\(place.state)"
    )
    let canGoBack = !isBack && end.cause(.irreversible) == nil
    return canGoBack
      ? [resume, ("to take back:", "qdrant-apply rollback \(run)\(place.state)")] : [resume]
  }

  /// What was made and has got points since goes with them only when that is said.
  private var losing: [Way] {
    let consents = end.causes.filter { $0.direction == .back }.flatMap(\.facts).compactMap {
      broken -> String? in
      guard case .pointsAtMost = broken.fact.expectation, let now = broken.now?.integer else {
        return nil
      }
      return " --accept-loss \(Sanitizer.line(broken.fact.subject.local))=\(now)"
    }
    guard !consents.isEmpty else { return [] }
    return [
      ("to lose the points, too:", "qdrant-apply rollback \(run)" + consents.joined() + place.state)
    ]
  }

  /// Each cluster has a lock of its own; one that another run took over is left to that run.
  private var givingUp: [Way] {
    let fenced = Set(end.causes.filter { $0.kind == .fenced }.compactMap(\.cluster))
    return history.epochs.filter { !fenced.contains($0.key) }.sorted { $0.key < $1.key }
      .map { cluster, epoch in
        let name = Sanitizer.line(cluster)
        return (
          "to give it up:",
          "qdrant-apply unlock \(epoch)\(place.folder) --cluster \(name) --abandon\(place.state)"
        )
      }
  }

  /// A value that stands in the way is told above, with what was expected.
  private var differences: [String] {
    guard end.causes.contains(where: { !$0.facts.isEmpty }) else { return [] }
    return ["  what was found is left alone: put back what was expected and go on, or give it up"]
  }

  private var credential: [String] {
    guard end.cause(.noPermission) != nil else { return [] }
    return ["  nothing is undone without a credential that suffices: give it one, and then"]
  }

  private func drawn(_ ways: [Way]) -> [String] {
    let width = ways.map(\.label.count).max() ?? 0
    return ways.map { way in
      "  \(way.label)" + String(repeating: " ", count: width - way.label.count + 2) + way.command
    }
  }
}
