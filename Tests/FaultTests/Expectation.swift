import Execution

/// Which way a run is when the fault hits.
enum Course: String, Sendable, CaseIterable {
  /// On the way to the target.
  case forward
  /// The run goes back by itself, because a later step was refused.
  case rollback
  /// A later process takes an open run back.
  case goesBack = "goes back"
}

/// How a cell has to end, by rules alone: nothing here knows the machine.
struct Expectation: Sendable {
  /// Which of the steps before the tail are in effect.
  enum Standing: Sendable, Hashable {
    /// So many, and nothing was taken back.
    case made(Int)
    /// So many, the others were taken back.
    case left(Int)
  }

  var state: RunEnd.State
  var cause: RunEnd.Cause.Kind?
  /// How often the request that is hit leaves.
  var sends = 1
  /// How often the outcome is settled as "did not happen".
  var settledAsNot = 0
  var standing: Standing

  /// - Parameter place: of the step that is hit; the tail is the next.
  init(place: Int, _ course: Course, _ ailment: Ailment, _ reach: Reach) {
    let isForward = course == .forward
    let before = Standing.made(isForward ? place : place + 1)
    let givenUp: RunEnd.Cause.Kind = ailment.isAnswered ? .undecided : .unreachable
    state = isForward ? .applied : .rolledBack
    standing = isForward ? .made(place + 2) : .left(0)
    if reach == .everything {
      // Nothing can be read, and so nothing can be decided.
      state = .interrupted
      let after = isForward ? Standing.made(place + 1) : .left(place)
      standing = ailment.fate == .arrives ? after : before
      return
    }
    switch (ailment.fate, reach) {
    case (.arrives, _): break
    case (.neverLeft, .once): sends = 2
    case (.lost, .once): (sends, settledAsNot) = (2, 1)
    case (.neverLeft, _): (state, cause, sends, standing) = (.interrupted, givenUp, 3, before)
    case (.lost, _):
      (state, cause, sends, standing) = (.interrupted, givenUp, 3, before)
      settledAsNot = 3
      // What a server answers to and never carries out has failed: the run goes back, and an
      // inverse is left standing, and told.
      if ailment.isAnswered {
        (state, cause) = (isForward ? .rolledBack : .halted, .rejected)
        standing = isForward ? .left(0) : before
      }
    case (.refused, _):
      (state, cause) = (isForward ? .rolledBack : .halted, .rejected)
      standing = isForward ? .left(0) : before
    case (.shutOut, _): (state, standing) = (.interrupted, before)
    }
  }
}
