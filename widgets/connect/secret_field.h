// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a secret is to be had: an environment variable, the system's keychain, a file, or a
// command; or typed in, to be put into the keychain from here. What is typed is held until then and
// no longer: it is part of no reference, and no workspace gets it. Thread contract: GUI thread
// only; the store is asked on a worker.
#pragma once

#include <QWidget>

#include <functional>
#include <optional>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace weir {

class TextLabel;

/// Puts a secret into the system's keychain under "SERVICE/KEY"; blocks, is called on a worker.
using SecretStore =
    std::function<Result<void>(const std::string& place, const std::string& secret)>;

class SecretField : public QWidget {
    Q_OBJECT
  public:
    /// `what` names it for screen readers: "Password".
    SecretField(const QString& what, SecretStore store, QWidget* parent = nullptr);

    /// Empty: none. Errors: Config (typed and not kept anywhere yet; no name of a variable, no
    /// place in a keychain); the field is marked and gets the keyboard.
    Result<kafka::SecretRef> ref();
    void setRef(const kafka::SecretRef& ref);
    /// Where the keychain is to keep what is typed in: "weir/prod-kafka".
    void setSuggestion(const QString& place);

  Q_SIGNALS:
    void changed();

  private:
    void kind_changed();
    void text_changed();
    void store();
    void stored(const Result<void>& done, const QString& place);
    void say(const QString& text, bool is_mistake);
    std::optional<QString> mistake() const;

    QString m_what;
    QString m_suggestion;
    SecretStore m_store;
    QComboBox* m_kind;
    QLineEdit* m_text;
    QPushButton* m_store_button;
    TextLabel* m_note;
    int m_asked = 0; // counts up: what the keychain says to an older question is void
};

} // namespace weir
