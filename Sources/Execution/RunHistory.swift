package import Planning

/// How far a step has come in one direction.
package enum StepState: Sendable, Hashable {
  /// Its request was announced; it may have left.
  case intended
  /// Its request may have happened, or may still.
  case unknown
  case notApplied
  case skipped
  case done
  case rejected
  case stale
  /// Its effect is there, and its gate did not open.
  case waiting
  /// Accepted, and these facts did not hold.
  case notInEffect([BrokenFact])

  /// Whether the next thing to do is to find out what happened.
  package var isUnsettled: Bool { self == .intended || self == .unknown }

  /// Whether nothing more is to be done in this direction.
  package var isComplete: Bool { self == .done || self == .skipped }
}

/// What a run has recorded so far, folded: the machine reads its own past here, whether it wrote it
/// a moment or a crash ago.
package struct RunHistory: Sendable, Hashable {
  package private(set) var header: RunHeader?
  package private(set) var direction = Direction.forward
  package private(set) var forward: [StepID: StepState] = [:]
  package private(set) var back: [StepID: StepState] = [:]
  /// Steps whose outcome was ever unknown: they are looked at again before the run ends.
  package private(set) var suspects: Set<StepID> = []
  /// The epoch that was held last, by cluster.
  package private(set) var epochs: [String: Int] = [:]
  /// The number of entries: grows with every one, so that names made of it are new.
  package private(set) var count = 0
  /// Whether a person has left the run as it is.
  package private(set) var isAbandoned = false
  /// Nil while the run is open.
  package private(set) var end: RunEnd?

  package init() {}

  package init(_ entries: some Sequence<JournalEntry>) {
    for entry in entries { add(entry) }
  }

  /// What the entry changes.
  package mutating func add(_ entry: JournalEntry) {
    count += 1
    switch entry {
    case .begun(let header): self.header = header
    case .resumed(let direction):
      self.direction = direction
      end = nil
    case .control: break
    case .locked(let cluster, let epoch): epochs[cluster] = epoch
    case .intent(let step, let direction, _, _): set(step, direction, .intended)
    case .unknown(let step, let direction, _):
      suspects.insert(step)
      set(step, direction, .unknown)
    case .notApplied(let step, let direction):
      suspects.insert(step)
      set(step, direction, .notApplied)
    case .skipped(let step, let direction): set(step, direction, .skipped)
    case .done(let step, let direction): set(step, direction, .done)
    case .rejected(let step, let direction, _): set(step, direction, .rejected)
    case .notInEffect(let step, let direction, let facts):
      set(step, direction, .notInEffect(facts))
    case .gateClosed(let step, let direction, _): set(step, direction, .waiting)
    case .stale(let step, let direction, _):
      // Somebody else changed it since: what this run did to it before that is not known.
      if state(step, direction)?.isUnsettled ?? false { suspects.insert(step) }
      set(step, direction, .stale)
    case .adopted:
      for number in 1...max(1, header?.steps ?? 1) {
        suspects.insert(StepID(number))
        forward[StepID(number)] = .notApplied
      }
    case .abandoned: isAbandoned = true
    case .turned: direction = .back
    case .finished(let end): self.end = end
    }
  }

  private mutating func set(_ step: StepID, _ direction: Direction, _ state: StepState) {
    switch direction {
    case .forward: forward[step] = state
    case .back: back[step] = state
    }
  }

  /// The state of a step in a direction; nil when nothing was recorded.
  package func state(_ step: StepID, _ direction: Direction) -> StepState? {
    direction == .forward ? forward[step] : back[step]
  }

  /// Whether the step was, or may have been, sent and is not known to have left no trace.
  package func isTouched(_ step: StepID) -> Bool {
    switch forward[step] {
    case .intended, .unknown, .done, .waiting, .notInEffect: true
    case .notApplied, .skipped, .rejected, .stale, nil: false
    }
  }

  /// Which way a later process goes by itself: on in the direction of the last one.
  ///
  /// A run that was to go back and could not, because a step cannot be undone, and that has undone
  /// nothing, can only go forward.
  package var nextDirection: Direction {
    back.isEmpty && end?.cause(.irreversible) != nil ? .forward : direction
  }

  /// Whether any step was announced, also one that was found changed by somebody else later.
  package var hasSent: Bool {
    !suspects.isEmpty
      || forward.values.contains { state in
        switch state {
        case .intended, .unknown, .notApplied, .done, .waiting, .rejected, .notInEffect: true
        case .skipped, .stale: false
        }
      }
  }
}
