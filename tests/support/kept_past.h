// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a fold found, as another process finds it in a history: without the file.
// Thread contract: one owner.
#pragma once

#include <memory>
#include <vector>

#include "models/event/fold/fold.h"
#include "models/event/history/kept_fold.h"

namespace weir::test {

/// Takes deltas in a history's place.
class KeptPast : public DeltaSink {
  public:
    explicit KeptPast(std::vector<std::shared_ptr<KeptFold>> folds)
        : m_folds(std::move(folds)) {}

    void emit(std::string_view fold, Delta delta) override {
        for (const auto& one : m_folds)
            if (one->name() == fold)
                one->take({std::string(fold), delta.width_us, delta.bucket.value(), delta.key,
                           delta.value});
    }
    void publish() {
        for (const auto& one : m_folds)
            one->publish();
    }

  private:
    const std::vector<std::shared_ptr<KeptFold>> m_folds;
};

} // namespace weir::test
