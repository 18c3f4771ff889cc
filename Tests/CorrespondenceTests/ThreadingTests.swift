import Base
import Testing

@testable import Correspondence

/// Where the reference stands × who writes × how the ticket stands.
struct ThreadingTests {
    enum Who: CaseIterable { case participant, newcomer, stranger, forger }

    private func candidate(_ reason: Threading.Candidate.Reason, _ who: Who, _ state: TicketState)
        -> Threading.Candidate
    {
        let takesPart: Bool? =
            switch who {
            case .participant, .forger: false
            case .newcomer: true
            case .stranger: nil
            }
        return Threading.Candidate(ticket: 1, reason: reason, state: state, senderIsNewcomer: takesPart)
    }

    private func decide(
        _ reason: Threading.Candidate.Reason, _ who: Who, _ state: TicketState, history: Bool = false
    ) -> Threading.Decision {
        Threading.decide(
            Threading.Evidence(
                candidates: [candidate(reason, who, state)], isOurs: false, trustsReferences: history,
                isForged: who == .forger))
    }

    @Test(arguments: Who.allCases, TicketState.allCases) func `a token joins whoever brings it, strangers as newcomers`(
        who: Who, state: TicketState
    ) {
        let decision = decide(.token, who, state)

        if state == .junk {
            #expect(decision == .open(mayBelongTo: [candidate(.token, who, state)]))
        } else {
            #expect(decision == .join(1, asNewcomer: who == .stranger || who == .newcomer))
        }
    }

    @Test(arguments: [Threading.Candidate.Reason.reference, .number], Who.allCases)
    func `without a token only who takes part and is not forged joins`(
        reason: Threading.Candidate.Reason, who: Who
    ) {
        for state in TicketState.allCases {
            let decision = decide(reason, who, state)

            if state == .junk || who == .stranger || who == .forger {
                #expect(decision == .open(mayBelongTo: [candidate(reason, who, state)]))
            } else {
                #expect(decision == .join(1, asNewcomer: who == .newcomer))
            }
        }
    }

    @Test func `history trusts references alone, but not numbers`() {
        #expect(decide(.reference, .stranger, .closed, history: true) == .join(1, asNewcomer: false))
        #expect(
            decide(.number, .stranger, .closed, history: true)
                == .open(mayBelongTo: [candidate(.number, .stranger, .closed)]))
    }

    @Test func `a token counts before a reference, and each ticket is offered once`() {
        let token = Threading.Candidate(ticket: 2, reason: .token, state: .open, senderIsNewcomer: nil)
        let reference = Threading.Candidate(ticket: 3, reason: .reference, state: .open, senderIsNewcomer: nil)
        let number = Threading.Candidate(ticket: 3, reason: .number, state: .open, senderIsNewcomer: nil)
        func evidence(_ candidates: [Threading.Candidate]) -> Threading.Evidence {
            Threading.Evidence(candidates: candidates, isOurs: false, trustsReferences: false, isForged: false)
        }

        #expect(Threading.decide(evidence([reference, token])) == .join(2, asNewcomer: true))
        #expect(Threading.decide(evidence([reference, number])) == .open(mayBelongTo: [reference]))
    }

    @Test(arguments: [
        (["mx.desk.example; dmarc=fail header.from=people.example"], true),
        (["mx.desk.example; dmarc=pass"], false), (["mx.desk.example; spf=fail; dkim=pass"], false),
        (["mx.desk.example; spf=fail"], true), (["evil.example; dmarc=fail"], false),
        (["evil.example; dmarc=pass", "mx.desk.example; dmarc=fail"], true), ([], false),
    ]) func `only the topmost result of a trusted server counts`(results: [String], isForged: Bool) {
        #expect(SenderAuthentication.isForged(results, trusted: ["mx.desk.example"]) == isForged)
        #expect(!SenderAuthentication.isForged(results, trusted: []))
    }
}
