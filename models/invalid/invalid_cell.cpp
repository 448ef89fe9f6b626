// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_cell.h"

#include <algorithm>
#include <functional>
#include <type_traits>

namespace weir {

std::size_t InvalidKeyHash::operator()(const InvalidKey& key) const noexcept {
    static_assert(std::has_unique_object_representations_v<InvalidKey>);
    return hash_value({reinterpret_cast<const char*>(&key), sizeof key});
}

void InvalidCell::add_sample(const InvalidSample& sample, std::size_t at_most) {
    const auto at = std::lower_bound(samples.begin(), samples.end(), sample, std::greater<>());
    if (at != samples.end() && *at == sample)
        return;
    if (samples.size() >= at_most) {
        if (at == samples.end())
            return;
        samples.insert(at, sample);
        samples.pop_back();
        return;
    }
    samples.insert(at, sample);
}

void InvalidCell::add(const InvalidCell& other) {
    events += other.events;
    first_us = std::min(first_us, other.first_us);
    last_us = std::max(last_us, other.last_us);
    users.add(other.users);
    sessions.add(other.sessions);
    for (const InvalidSample& sample : other.samples)
        add_sample(sample);
}

} // namespace weir
