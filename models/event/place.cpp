// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/place.h"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace weir {

namespace {
constexpr PlaceId other_place{0xFFFE};
}

struct PlaceTable::Private {
    using Name = std::pair<std::string, std::string>; // connection, name

    mutable std::mutex mutex;
    std::map<Name, PlaceId> ids;
    std::vector<Name> names;
    std::uint64_t overflowed = 0;

    Name of(PlaceId place) const {
        if (place == other_place)
            return {"", "(other)"};
        const std::lock_guard lock(mutex);
        return place.value() < names.size() ? names[place.value()] : Name();
    }
};

PlaceTable::PlaceTable()
    : d(std::make_unique<Private>()) {}
PlaceTable::~PlaceTable() = default;

PlaceId PlaceTable::id(std::string_view connection, std::string_view name) {
    Private::Name key(connection, name);
    const std::lock_guard lock(d->mutex);
    if (const auto found = d->ids.find(key); found != d->ids.end())
        return found->second;
    if (d->names.size() >= other_place.value()) {
        ++d->overflowed;
        return other_place;
    }
    const PlaceId id(static_cast<std::uint16_t>(d->names.size()));
    d->names.push_back(key);
    d->ids.emplace(std::move(key), id);
    return id;
}

std::string PlaceTable::name(PlaceId place) const {
    return d->of(place).second;
}
std::string PlaceTable::connection(PlaceId place) const {
    return d->of(place).first;
}

std::uint64_t PlaceTable::overflowed() const {
    const std::lock_guard lock(d->mutex);
    return d->overflowed;
}

} // namespace weir
