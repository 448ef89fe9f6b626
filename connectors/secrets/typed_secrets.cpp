// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/secrets/typed_secrets.h"

#include <algorithm>
#include <deque>
#include <mutex>

namespace weir {
namespace {

struct Kept {
    std::string reference;
    std::string secret;
};

struct Memory {
    std::mutex mutex;
    std::deque<Kept> kept;    // guarded by mutex; the newest last
    std::uint64_t number = 0; // guarded by mutex; of the newest
};

Memory& memory() {
    static Memory all;
    return all;
}

} // namespace

SecretRef keep_typed(const std::string& secret) {
    auto& all = memory();
    const std::lock_guard lock(all.mutex);
    const auto known = std::find_if(all.kept.begin(), all.kept.end(),
                                    [&](const Kept& one) { return one.secret == secret; });
    if (known != all.kept.end())
        return {known->reference};
    if (all.kept.size() == typed_secrets_max)
        all.kept.pop_front();
    all.kept.push_back({"typed:" + std::to_string(++all.number), secret});
    return {all.kept.back().reference};
}

std::optional<std::string> typed_secret(const SecretRef& reference) {
    auto& all = memory();
    const std::lock_guard lock(all.mutex);
    const auto known = std::find_if(all.kept.begin(), all.kept.end(), [&](const Kept& one) {
        return one.reference == reference.text;
    });
    return known == all.kept.end() ? std::nullopt : std::optional(known->secret);
}

} // namespace weir
