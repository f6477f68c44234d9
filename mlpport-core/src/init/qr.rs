//! Orthonormal columns by Householder's reflections.

/// The columns of `Q` in `A = Q · R`, for the `R` whose diagonal is not negative: of a matrix of `columns` columns, at most
/// as many as rows, in C order.
///
/// A column that depends on those before it becomes 0, as `q * sign(diag(r))` is in JAX.
pub(super) fn orthonormal(mut a: Vec<f64>, columns: usize) -> Vec<f64> {
    let mut q = vec![0.0; a.len()];
    let mut signs = vec![0.0; columns];
    let mut reflections = Vec::with_capacity(columns);
    for (column, sign) in signs.iter_mut().enumerate() {
        let vector = reflection(&a, columns, column, sign);
        apply(&vector, &mut a, columns, column, column + 1);
        q[column * columns + column] = 1.0;
        reflections.push(vector);
    }
    for (column, vector) in reflections.iter().enumerate().rev() {
        apply(vector, &mut q, columns, column, column);
    }
    for row in q.chunks_exact_mut(columns) {
        row.iter_mut().zip(&signs).for_each(|(element, sign)| *element *= sign);
    }
    q
}

/// The vector of length √2 whose reflection makes a column zero below the diagonal, and the sign that the diagonal gets.
fn reflection(a: &[f64], columns: usize, column: usize, sign: &mut f64) -> Vec<f64> {
    let mut vector: Vec<f64> = a[column * columns..].chunks_exact(columns).map(|row| row[column]).collect();
    let norm = length(&vector);
    if norm > 0.0 {
        // Away from zero, so that nothing cancels.
        *sign = -vector[0].signum();
        vector[0] -= *sign * norm;
        let factor = std::f64::consts::SQRT_2 / length(&vector);
        vector.iter_mut().for_each(|element| *element *= factor);
    }
    vector
}

fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|element| element * element).sum::<f64>().sqrt()
}

/// `A - v · (vᵀ · A)` of the rows from `row` and of the columns from `column`.
fn apply(vector: &[f64], a: &mut [f64], columns: usize, row: usize, column: usize) {
    let mut product = vec![0.0; columns - column];
    for (v, row) in vector.iter().zip(a[row * columns..].chunks_exact(columns)) {
        product.iter_mut().zip(&row[column..]).for_each(|(product, a)| *product += v * a);
    }
    for (v, row) in vector.iter().zip(a[row * columns..].chunks_exact_mut(columns)) {
        row[column..].iter_mut().zip(&product).for_each(|(a, product)| *a -= v * product);
    }
}
