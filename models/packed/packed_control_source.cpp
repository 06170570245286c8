#include "packed/packed_control_source.h"

#include <algorithm>
#include <map>

#include "packed/pack_session.h"

namespace scr::packed {

using domain::Control;
using domain::failureOf;
using domain::Result;

PackedControlSource::PackedControlSource(std::shared_ptr<const OpenPack> pack, std::vector<Control> known) :
    m_pack{std::move(pack)}, m_known{std::move(known)}
{
}

Result<std::vector<Control>> PackedControlSource::check(const std::vector<std::string>& names,
                                                        const std::function<bool(std::size_t, std::size_t)>& keepGoing)
{
    std::map<std::string, Control> found;
    PackSession session{m_pack->database};
    domain::Status read = session.ready();
    if (read)
        read = session.each("SELECT control, state, evidence, checked_at, since FROM controls", {}, [&found](const PackRow& row) {
            Control& control = found[row.text(0)];
            control.state = domain::controlStateOf(row.text(1)).value_or(domain::ControlState::Unknown);
            control.evidence = row.text(2);
            control.checkedAt = row.time(3);
            control.since = row.optionalTime(4);
        });
    if (!read)
        return failureOf(read);
    std::vector<Control> controls;
    for (Control control : m_known) {
        if (!names.empty() && std::ranges::find(names, control.name) == names.end())
            continue;
        control.query.clear(); // nothing is looked at now
        control.remedy.clear();
        if (const auto recorded = found.find(control.name); recorded != found.end()) {
            control.state = recorded->second.state;
            control.evidence = recorded->second.evidence;
            control.checkedAt = recorded->second.checkedAt;
            control.since = recorded->second.since;
        }
        controls.push_back(std::move(control));
    }
    if (keepGoing && !keepGoing(controls.size(), controls.size()))
        return domain::failure(domain::Fault::Cancelled, "The check was stopped");
    return controls;
}

} // namespace scr::packed
