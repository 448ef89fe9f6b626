// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a secret is to be had: an environment variable, the system's keychain, a file, or a
// command; or typed in. What is typed is good for this run of Weir (see typed_secrets.h), and can
// be put into the keychain from here: no workspace gets it. Thread contract: GUI thread only; the
// store is asked on a worker.
#pragma once

#include <QWidget>

#include <functional>
#include <optional>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"
#include "widgets/common/mailbox.h"

class QLineEdit;
class QPushButton;

namespace weir {

class ComboBox;
class TextLabel;

/// Puts a secret into the system's keychain under "SERVICE/KEY"; blocks, is called on a worker.
using SecretStore =
    std::function<Result<void>(const std::string& place, const std::string& secret)>;

/// What a form is read for.
enum class FormUse {
    Now, // to connect, as long as Weir runs
    File // to be kept in a workspace file
};

class SecretField : public QWidget {
    Q_OBJECT
  public:
    /// `what` names it for screen readers: "Password".
    SecretField(const QString& what, SecretStore store, QWidget* parent = nullptr);

    /// Empty: none. Errors: Config (typed, where it is for a file; no name of a variable, no place
    /// in a keychain); the field is marked and gets the keyboard.
    Result<kafka::SecretRef> ref(FormUse use);
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
    std::optional<QString> mistake(FormUse use) const;

    QString m_what;
    QString m_suggestion;
    SecretStore m_store;
    ComboBox* m_kind;
    QLineEdit* m_text;
    QPushButton* m_store_button;
    TextLabel* m_note;
    Mailbox m_mailbox; // of what the keychain says
    int m_asked = 0;   // counts up: what the keychain says to an older question is void
};

} // namespace weir
