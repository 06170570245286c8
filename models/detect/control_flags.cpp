#include "detect/control_flags.h"

#include "domain/time.h"

namespace scr::detect {

domain::Flag flagOfFallen(const domain::Control& control)
{
    domain::Flag flag;
    flag.detector = domain::DetectorId::Control;
    flag.ruleVersion = control.name;
    flag.subject = {domain::SubjectKind::Control, control.name, {}};
    flag.from = control.checkedAt;
    flag.to = control.checkedAt;
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
    flag.score = 1;
    flag.falseShare = 0;
    const bool isUnknown = control.state == domain::ControlState::Unknown;
    flag.severity = isUnknown ? domain::Severity::Medium : domain::Severity::High;
    flag.headline = (isUnknown ? "A safeguard can no longer be checked: " : "A safeguard fell: ") + control.title;
    const std::string evidence = control.evidence.substr(0, control.evidence.find('\n')); // the rest are rows
    flag.summary = evidence;
    flag.explanation = control.about + " It held when it could last be told, and " +
                       (isUnknown ? "now it cannot. " : "does not hold now. ") + evidence;
    flag.counterEvidence = {"Work on the database that was planned and announced looks the same."};
    flag.clearsIf = "Clears when the control holds again. The Controls page has the remedy.";
    flag.rule = {{"control", control.name, ""},
                 {"state", std::string{nameOf(control.state)}, ""},
                 {"checked", domain::isoText(control.checkedAt), ""}};
    return flag;
}

} // namespace scr::detect
