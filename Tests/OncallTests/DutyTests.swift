import Base
import Oncall
import Testing

@Suite struct DutyTests {
    @Test func `a duty ends before its last moment`() {
        let duty = Duty(member: 1, from: 10, until: 20)
        #expect(duty.covers(10) && duty.covers(19) && !duty.covers(20) && !duty.covers(9))
    }
}
