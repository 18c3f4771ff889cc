/// Puts the tokens of a query together without recursion: one frame for each open parenthesis.
struct SearchParser {
    enum Token: Equatable {
        case open(isNegated: Bool)
        case close
        case or
        case condition(SearchCondition, isNegated: Bool)
    }

    private struct Frame {
        var isNegated = false
        /// What stands next to each other; each is what `OR` has joined so far.
        var groups: [[SearchExpression]] = []
        /// True after `OR`, until what it joins has come.
        var isJoining = false

        mutating func add(_ operand: SearchExpression) {
            if isJoining, !groups.isEmpty {
                groups[groups.count - 1].append(operand)
            } else {
                groups.append([operand])
            }
            isJoining = false
        }

        var expression: SearchExpression {
            let all = SearchExpression.every(groups.map(SearchExpression.either))
            return isNegated ? .opposite(all) : all
        }
    }

    private var frames = [Frame()]

    mutating func add(_ token: Token) {
        switch token {
        case .open(let isNegated): frames.append(Frame(isNegated: isNegated))
        case .close: close()
        case .or: frames[frames.count - 1].isJoining = true
        case .condition(let condition, let isNegated):
            let operand = SearchExpression.condition(condition)
            frames[frames.count - 1].add(isNegated ? .not(operand) : operand)
        }
    }

    /// Parentheses still open are closed.
    mutating func finish() -> SearchExpression {
        while frames.count > 1 { close() }
        return frames[0].expression
    }

    /// A closing parenthesis without an opening one is passed over.
    private mutating func close() {
        guard frames.count > 1, let frame = frames.popLast() else { return }
        frames[frames.count - 1].add(frame.expression)
    }
}
