//! Text built while a constant is evaluated, where nothing can be allocated.

const CAPACITY: usize = 600;
const CUT: &str = " …";

/// A text of at most some hundred bytes; what does not fit is cut between two characters and marked.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
    full: bool,
}

impl Message {
    /// The empty text.
    pub const EMPTY: Self = Self { bytes: [0; CAPACITY], len: 0, full: false };

    /// This text and another one behind it.
    #[must_use]
    pub const fn text(self, text: &str) -> Self {
        if self.full {
            return self;
        }
        let bytes = text.as_bytes();
        let room = CAPACITY - CUT.len() - self.len;
        if bytes.len() <= room {
            return self.push(bytes, bytes.len());
        }
        let mut fits = room;
        while !text.is_char_boundary(fits) {
            fits -= 1;
        }
        let mut cut = self.push(bytes, fits).push(CUT.as_bytes(), CUT.len());
        cut.full = true;
        cut
    }

    const fn push(mut self, bytes: &[u8], count: usize) -> Self {
        let mut i = 0;
        while i < count {
            self.bytes[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    /// This text and a name in backquotes behind it.
    #[must_use]
    pub const fn name(self, name: &str) -> Self {
        self.text("`").text(name).text("`")
    }

    /// This text and a decimal number behind it.
    #[must_use]
    pub const fn number(self, mut number: usize) -> Self {
        let mut digits = [0; 20];
        let mut first = digits.len();
        loop {
            first -= 1;
            // A decimal digit fits into a byte.
            #[allow(clippy::cast_possible_truncation)]
            let digit = (number % 10) as u8;
            digits[first] = b'0' + digit;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        match std::str::from_utf8(digits.split_at(first).1) {
            Ok(text) => self.text(text),
            Err(_) => self,
        }
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a message that is no text",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn joins_texts_names_and_numbers() {
        let message = Message::EMPTY.text("no ").name("Dense_2").text(" but ").number(0).text(", ").number(18_446);
        assert_eq!(message.as_str(), "no `Dense_2` but 0, 18446");
    }

    #[test]
    fn cuts_between_characters_and_says_so() {
        let mut message = Message::EMPTY;
        for _ in 0..500 {
            message = message.text("größe ");
        }
        assert!(message.as_str().ends_with(" …"), "{}", message.as_str());
        assert!(message.as_str().len() <= super::CAPACITY);
    }
}
