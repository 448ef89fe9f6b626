// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/touch_book.h"

namespace weir::synth {

void TouchBook::forget_if_done(std::unordered_map<std::uint64_t, Visit>::iterator at) {
    if (at->second.ended && at->second.held == 0)
        m_visits.erase(at);
}

void TouchBook::release(std::uint64_t visit) {
    const auto at = m_visits.find(visit);
    if (at == m_visits.end())
        return;
    --at->second.held;
    forget_if_done(at);
}

void TouchBook::end(std::uint64_t visit) {
    const auto at = m_visits.find(visit);
    if (at == m_visits.end())
        return;
    at->second.ended = true;
    forget_if_done(at);
}

const Landing* TouchBook::arrive(std::uint64_t visit, const Landing& told, std::int64_t user) {
    Landing& known = m_visits[visit].known;
    for (std::string_view Landing::*const part :
         {&Landing::campaign, &Landing::referrer, &Landing::page})
        if ((known.*part).empty())
            known.*part = told.*part;
    if (user < 0 || m_touched[static_cast<std::size_t>(user)])
        return nullptr;
    m_touched[static_cast<std::size_t>(user)] = true;
    return &known;
}

} // namespace weir::synth
