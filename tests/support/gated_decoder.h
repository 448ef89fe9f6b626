// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A decoder that knows nothing, and whoever asks it waits at a gate. It holds the gate, so that a
// test can see when it is gone.
// Thread contract: as Decoder.
#pragma once

#include <memory>

#include "models/event/decode/decoder.h"
#include "tests/support/gate.h"

namespace weir::test {

class GatedDecoder : public Decoder {
  public:
    explicit GatedDecoder(std::shared_ptr<Gate> gate)
        : m_gate(std::move(gate)) {}
    void decode(RecordBatch, SightingBatch& out) override { out = SightingBatch(); }
    DecodeReport explain(const RecordBatch&, const Record&) override {
        m_gate->pass();
        return {};
    }
    const FieldPaths* field_paths(PlaceId, ValueId) override {
        m_gate->pass();
        return nullptr;
    }

  private:
    const std::shared_ptr<Gate> m_gate;
};

} // namespace weir::test
