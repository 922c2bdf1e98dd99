;;; latentcode.el --- Play a running latentcode set -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: multimedia, processes

;;; Commentary:

;; (require 'latentcode)
;; (add-hook 'python-mode-hook #'latentcode-mode)
;;
;; C-c C-c sends the block around point, C-c C-e the line or the region,
;; C-c C-b the buffer block by block, C-c C-k is hush, C-c C-p panic,
;; C-c C-i interrupts.  Words that sound are lit; results stand beside
;; the code.

;;; Code:

(require 'json)
(require 'subr-x)

(defgroup latentcode nil "Play a running latentcode set." :group 'multimedia)

(defcustom latentcode-command "latentcode"
  "The program that knows where sets listen."
  :type 'string)

(defcustom latentcode-name "emacs"
  "The name that stands in the journal at what is sent."
  :type 'string)

(defface latentcode-sounding '((t :inherit highlight :weight bold))
  "A word that sounds.")

(defface latentcode-result '((t :inherit shadow))
  "What a block gave.")

(defface latentcode-error '((t :inherit error))
  "What was wrong with a block.")

(defvar latentcode--process nil)
(defvar latentcode--number 0)
(defvar latentcode--asked (make-hash-table)
  "Where the blocks stand whose answers are to come, by the ids of their requests.")
(defvar latentcode--blocks (make-hash-table)
  "For each block of the journal that was sent from here markers where it begins
and ends, and the line, the file and the text that were sent.")
(defvar latentcode--lit nil "The overlays of what sounds.")

;;; The line

(defun latentcode-connect (&optional path)
  "Play the set that listens at PATH, or the newest."
  (interactive)
  (let* ((path (or path (getenv "LATENTCODE_SOCKET") (latentcode--newest)))
         (told (unless (latentcode--socket-p path)
                 (json-parse-string (with-temp-buffer (insert-file-contents path) (buffer-string))
                                    :object-type 'alist)))
         (_ (clrhash latentcode--asked)) ; of a set that has ended
         (common (list :name "latentcode" :coding 'utf-8 :noquery t
                       :filter #'latentcode--filter :sentinel #'latentcode--sentinel)))
    (setq latentcode--process
          (apply #'make-network-process
                 (if told
                     (append (list :host "127.0.0.1" :service (alist-get 'port told)) common)
                   (append (list :family 'local :service path) common))))
    (when told
      (process-send-string latentcode--process (concat (alist-get 'secret told) "\n")))
    (latentcode--ask `((op . "hello") (name . ,latentcode-name)))
    (latentcode--ask '((op . "listen") (events . ["sounding"])))))

(defun latentcode--socket-p (path)
  (eq ?s (aref (or (file-attribute-modes (file-attributes path)) "-") 0)))

(defun latentcode--newest ()
  (with-temp-buffer
    (let* ((status (call-process latentcode-command nil t nil "send" "--where"))
           (last (car (last (split-string (buffer-string) "\n" t)))))
      (if (eql status 0)
          last
        (user-error "%s" (or last "No set is playing: latentcode serve"))))))

(defun latentcode--ask (request &optional place)
  "Send REQUEST.
Its answer is about PLACE, as in `latentcode--blocks'."
  (unless (process-live-p latentcode--process)
    (latentcode-connect))
  (let ((id (setq latentcode--number (1+ latentcode--number))))
    (when place (puthash id place latentcode--asked))
    (process-send-string latentcode--process
                         (concat (decode-coding-string (json-serialize (cons (cons 'id id) request)) 'utf-8)
                                 "\n"))))

(defun latentcode--filter (process text)
  (let ((lines (split-string (concat (process-get process 'rest) text) "\n")))
    (process-put process 'rest (car (last lines)))
    (dolist (line (butlast lines))
      (latentcode--hear (json-parse-string line :object-type 'alist :array-type 'list
                                           :null-object nil :false-object nil)))))

(defun latentcode--sentinel (process _event)
  (when (eq process latentcode--process)
    (latentcode--light nil)
    (unless (hash-table-empty-p latentcode--asked)
      (clrhash latentcode--asked)
      (message "latentcode: the set has ended; what it has not answered may not have run"))))

(defun latentcode--hear (message)
  (let* ((id (alist-get 'id message)) (place (and id (gethash id latentcode--asked))))
    (cond ((alist-get 'event message) (latentcode--light (alist-get 'words message)))
          (place (remhash id latentcode--asked)
                 (apply #'latentcode--answered message place))
          ((alist-get 'error message) (message "latentcode: %s" (alist-get 'error message))))))

;;; What is sent

(defconst latentcode--goes-on "\\s-\\|\\(?:else\\|elif\\|except\\|finally\\)\\_>\\|[])}]\\|$")

(defun latentcode--begins-p ()
  "Whether a block begins in this line: at the margin, behind a blank one."
  (and (not (looking-at latentcode--goes-on))
       (or (bobp) (save-excursion (forward-line -1) (looking-at "\\s-*$")))))

(defun latentcode--around ()
  "The beginning and the end of the block around point."
  (save-excursion
    (beginning-of-line)
    (while (not (or (bobp) (latentcode--begins-p))) (forward-line -1))
    (let ((begin (point)))
      (forward-line 1)
      (while (not (or (eobp) (latentcode--begins-p))) (forward-line 1))
      (skip-chars-backward " \t\n" begin)
      (cons begin (line-end-position)))))

(defun latentcode-send (begin end)
  "Send what stands between BEGIN and END."
  (let ((code (buffer-substring-no-properties begin end))
        (line (line-number-at-pos begin t))
        (file (or (buffer-file-name) "")))
    (unless (string-blank-p code)
      (latentcode--ask `((op . "eval") (code . ,code) (file . ,file) (line . ,line) (wait . 2))
                       (list (copy-marker begin t) (copy-marker end t) line file code)))))

(defun latentcode-send-line ()
  "Send the region, or the line."
  (interactive)
  (if (use-region-p)
      (latentcode-send (region-beginning) (region-end))
    (latentcode-send (line-beginning-position) (line-end-position))))

(defun latentcode-send-block ()
  "Send the block around point."
  (interactive)
  (let ((block (latentcode--around)))
    (latentcode-send (car block) (cdr block))))

(defun latentcode-send-buffer ()
  "Send all blocks of the buffer, one after the other."
  (interactive)
  (save-excursion
    (goto-char (point-min))
    (while (not (eobp))
      (let ((block (latentcode--around)))
        (latentcode-send (car block) (cdr block))
        (goto-char (cdr block))
        (forward-line 1)
        (while (not (or (eobp) (latentcode--begins-p))) (forward-line 1))))))

(defun latentcode-hush ()
  "Let all voices fade out."
  (interactive)
  (latentcode--ask '((op . "hush"))))

(defun latentcode-panic ()
  "Silence at once."
  (interactive)
  (latentcode--ask '((op . "panic"))))

(defun latentcode-interrupt ()
  "End the block that runs."
  (interactive)
  (latentcode--ask '((op . "interrupt"))))

;;; What is shown

(defun latentcode--answered (answer begin end sent file text)
  "Show ANSWER to TEXT from BEGIN to END, which stood in line SENT of FILE."
  (when-let ((number (alist-get 'block answer)))
    (puthash number (list begin end sent file text) latentcode--blocks))
  (let ((wrong (alist-get 'error answer))
        (line (alist-get 'line answer))
        (unrun (alist-get 'unrun answer))
        (said (append (split-string (or (alist-get 'printed answer) "") "\n" t)
                      (alist-get 'notes answer)
                      (split-string (or (alist-get 'value answer) "") "\n" t))))
    (when (buffer-live-p (marker-buffer begin))
      (with-current-buffer (marker-buffer begin)
        (save-excursion
          (remove-overlays begin end 'latentcode-told t)
          (goto-char begin)
          (when (and unrun (not (eql unrun line)))
            (save-excursion
              (forward-line (max 0 (- unrun sent)))
              (latentcode--tell "not run" 'latentcode-result)))
          (if wrong
              (forward-line (max 0 (- (or line sent) sent)))
            (goto-char end))
          (when (or wrong said)
            (latentcode--tell (if wrong (concat "✗ " (car (split-string wrong "\n"))) (car (last said)))
                              (if wrong 'latentcode-error 'latentcode-result))))))
    (when (or wrong said)
      (message "%s" (or wrong (string-join said "\n"))))))

(defun latentcode--tell (text face)
  (let ((overlay (make-overlay (line-beginning-position) (line-end-position))))
    (overlay-put overlay 'latentcode-told t)
    (overlay-put overlay 'evaporate t)
    (overlay-put overlay 'modification-hooks (list (lambda (overlay &rest _) (delete-overlay overlay))))
    (overlay-put overlay 'after-string (propertize (concat "  " text) 'face face))))

(defun latentcode--light (words)
  "Light WORDS, and no others."
  (mapc #'delete-overlay latentcode--lit)
  (setq latentcode--lit (delq nil (mapcar #'latentcode--lit-word words))))

(defun latentcode--sent (word)
  "What was sent of the block of WORD, if it was from here, and is none of another set;
also where the answer that tells its number is still to come."
  (seq-find (lambda (sent)
              (and (eql (nth 2 sent) (alist-get 'line word)) (equal (nth 3 sent) (alist-get 'file word))))
            (cons (gethash (alist-get 'block word) latentcode--blocks)
                  (hash-table-values latentcode--asked))))

(defun latentcode--lit-word (word)
  (let* ((sent (latentcode--sent word))
         (file (alist-get 'file word))
         (buffer (cond (sent (marker-buffer (car sent)))
                       ((not (equal file "")) (find-buffer-visiting file)))))
    (when (buffer-live-p buffer)
      (with-current-buffer buffer
        (save-excursion
          (save-restriction
            (widen)
            (when-let ((first (if sent (latentcode--moved sent word) (latentcode--in-file word)))
                       (last (+ first (- (alist-get 'end word) (alist-get 'begin word)))))
              (goto-char first)
              (when (<= last (line-end-position))
                (let ((overlay (make-overlay first last)))
                  (overlay-put overlay 'face 'latentcode-sounding)
                  (overlay-put overlay 'priority 100)
                  overlay)))))))))

(defun latentcode--in-file (word)
  "Where WORD begins in its file, as that was."
  (goto-char (point-min))
  (forward-line (+ (alist-get 'row word) (1- (alist-get 'line word))))
  (+ (point) (alist-get 'begin word)))

(defun latentcode--moved (sent word)
  "Where WORD of what was SENT begins now, whatever is edited around it; nil where it is not as it was."
  (pcase-let* ((`(,begin ,end ,_ ,_ ,text) sent)
               (old (split-string text "\n"))
               (new (split-string (buffer-substring-no-properties begin end) "\n"))
               (row (alist-get 'row word))
               (rows (latentcode--shift old new row (1+ row)))
               (now (+ row (or rows 0))))
    (when (and (< now (length new)) (or rows (= (length old) (length new))))
      (when-let ((columns (latentcode--shift (append (nth row old) nil) (append (nth now new) nil)
                                             (alist-get 'begin word) (alist-get 'end word))))
        (apply #'+ begin columns (alist-get 'begin word)
               (mapcar (lambda (line) (1+ (length line))) (butlast new (- (length new) now))))))))

(defun latentcode--shift (old new begin end)
  "How far what stands from BEGIN to END in the list OLD has moved in NEW; nil where it is not as it was."
  (let ((head (latentcode--alike old new)))
    (if (<= end head)
        0
      (let ((tail (latentcode--alike (reverse (nthcdr head old)) (reverse (nthcdr head new)))))
        (when (>= begin (- (length old) tail))
          (- (length new) (length old)))))))

(defun latentcode--alike (one other)
  "How many items at their beginnings the lists ONE and OTHER have in common."
  (let ((count 0))
    (while (and one other (equal (car one) (car other)))
      (setq count (1+ count) one (cdr one) other (cdr other)))
    count))

;;;###autoload
(define-minor-mode latentcode-mode
  "Play a running latentcode set from this buffer."
  :lighter " lc"
  :keymap (let ((map (make-sparse-keymap)))
            (define-key map (kbd "C-c C-c") #'latentcode-send-block)
            (define-key map (kbd "C-c C-e") #'latentcode-send-line)
            (define-key map (kbd "C-c C-b") #'latentcode-send-buffer)
            (define-key map (kbd "C-c C-k") #'latentcode-hush)
            (define-key map (kbd "C-c C-p") #'latentcode-panic)
            (define-key map (kbd "C-c C-i") #'latentcode-interrupt)
            map))

(provide 'latentcode)
;;; latentcode.el ends here
