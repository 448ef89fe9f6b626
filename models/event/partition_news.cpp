// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/partition_news.h"

namespace weir {

namespace {

std::string offsets_text(const PartitionEvent& event) {
    return "offsets " + std::to_string(event.from.value()) + " to " +
           std::to_string(event.to.value() - 1);
}

std::string news(const PartitionEvent& event) {
    switch (event.note) {
    case PartitionNote::Truncated:
        return offsets_text(event) + " were deleted before they could be read";
    case PartitionNote::Cut:
        return "the broker lost " + offsets_text(event) +
               ", which were read; what stands there now is read";
    case PartitionNote::Recreated:
        return "the topic was deleted and made again" +
               (event.to > event.from ? "; what is below offset " +
                                            std::to_string(event.to.value()) + " may come twice"
                                      : std::string());
    case PartitionNote::OpenTransaction:
        return "a transaction is open; " + offsets_text(event) + " can be read when it has ended";
    case PartitionNote::Gone:
        return "gone. " + event.error.text();
    default:
        return {};
    }
}

} // namespace

std::string partition_news(const PartitionEvent& event) {
    const std::string text = news(event);
    return text.empty() ? text
                        : event.topic + "/" + std::to_string(event.partition.value()) + ": " + text;
}

} // namespace weir
