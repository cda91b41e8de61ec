package import Execution
import JSON
import Planning

/// What became of a plan that was applied, for the forms that programs read.
package struct RunOutcome: Sendable {
  /// The run's id.
  package var run: String
  package var end: RunEnd
  /// Steps that are in effect now.
  package var done: Int
  package var steps: Int

  package init(run: String, end: RunEnd, history: RunHistory, steps: Int) {
    self.run = run
    self.end = end
    self.steps = steps
    // The way back needs fewer steps: with a collection go its indexes.
    done =
      end.state == .rolledBack
      ? 0
      : history.forward.count { $0.value.isComplete && history.back[$0.key]?.isComplete != true }
  }

  /// `{id, end, done, steps, causes}`.
  var json: JSONValue {
    [
      "id": .string(run), "end": .string(end.state.rawValue), "done": .integer(done),
      "steps": .integer(steps),
      "causes": .array(
        end.causes.map { cause in
          [
            "kind": .string(cause.kind.rawValue),
            "cluster": cause.cluster.map { .string($0) } ?? .null,
            "step": cause.step.map { .string($0.description) } ?? .null,
            "message": .string(cause.message),
          ]
        }),
    ]
  }
}
